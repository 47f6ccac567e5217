"""What goes with satisfaction and with value: effects with intervals, and how far they can be trusted."""
