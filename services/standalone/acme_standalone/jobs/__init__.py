"""`acme jobs`: the dead letters of the queues, for whoever runs the platform."""
