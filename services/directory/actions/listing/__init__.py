"""Writing listings: services, organisations and venues, by those who answer for them."""
