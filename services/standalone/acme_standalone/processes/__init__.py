"""Starting, marking and finding the processes of the embedded parts."""
