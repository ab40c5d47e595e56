"""Serves the part of the Stripe API that the platform calls: idempotent, durable, with signed webhooks."""
