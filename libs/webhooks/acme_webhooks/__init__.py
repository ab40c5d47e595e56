"""Outgoing webhooks, after the Standard Webhooks specification: operators' software is told what happened."""
