"""The API of guests, with the mail, payment and periodic jobs."""
