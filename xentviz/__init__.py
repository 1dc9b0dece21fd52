"""xentviz: put labels beside predictions, and see what cross-entropy makes of them.

The layers, each importing itself and what stands to its right, and nothing else::

    cli, app  →  ui  →  session  →  files  →  core

* ``core``: the mathematics and the immutable data; NumPy alone.
* ``files``: disk to core and back; tables, scenes, exports.
* ``session``: the one holder of state, undo, and work in the background.
* ``ui``: everything that can be seen.
* ``app`` and ``cli``: the two front doors, the window and the terminal.
"""

__version__ = "0.1.0"
