"""What people are told while it happens: published after the commit, delivered as server-sent events."""
