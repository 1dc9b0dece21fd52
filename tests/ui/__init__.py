"""What a person sees and does: real widgets, a real session, no screen."""
