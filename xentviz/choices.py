"""What can be chosen by name, at the terminal as in the window."""

THEMES = ("light", "dark", "projector")
WORKSPACES = ("explore", "threshold", "compare")
SIDES = ("rows", "calibration", "curves", "losses", "decisions", "slices")
EXPORTS = ("table", "scoreboard", "losses", "curves")
