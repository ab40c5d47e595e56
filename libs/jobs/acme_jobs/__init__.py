"""Job contracts, the outbox, the relay and the worker builder. The one home of arq."""
