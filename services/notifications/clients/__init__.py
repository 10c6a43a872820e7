"""The other services, and the providers that carry messages: one module each."""
