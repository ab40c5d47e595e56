"""What the engine's scores mean to everybody: per cent of confidence, on the engine's own scale."""

SCORE_FLOOR = 55.0
"""Scores below say nothing, and none is kept: no project's bounds may lie there."""
