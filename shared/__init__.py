"""What two services or more use today. Nothing here knows a service's words."""
