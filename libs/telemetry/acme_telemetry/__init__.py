"""What the platform tells of itself: metrics, traces, errors."""
