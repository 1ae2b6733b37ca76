"""What a case knows: every variable of a diagram, who gives its value, of which type, where it may still be empty."""
