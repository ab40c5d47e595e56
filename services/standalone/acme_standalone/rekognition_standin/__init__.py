"""A stand-in for AWS Rekognition: its JSON protocol over the local networks, durable. See docs/decisions."""
