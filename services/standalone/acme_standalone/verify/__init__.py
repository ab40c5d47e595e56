"""`acme verify`: what must be true of the platform's data at any moment, asked of where they lie."""
