"""The payment gateway, its transitions and webhook checks. The one home of stripe."""
