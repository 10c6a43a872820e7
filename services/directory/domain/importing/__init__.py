"""Listings that come from elsewhere: read, put into our own documents, compared with what is there."""
