"""The language server: the command's verdict while somebody types.

The third door.  It may import core only, and is the only one that knows pygls and the
protocol's types.  One process looks after one toolkit, over standard input and output.

- ``server`` says what is offered, and begins and ends.
- ``session`` holds what is known: the open texts, and what the last look at the toolkit
  found.  Looks run in a thread, one at a time, a moment after the last keystroke.
- ``documents`` turns core's places, which count characters from 1, into the protocol's,
  which count code units from 0, and paths into addresses.
- ``publishing``, ``completion``, ``hover``, ``finding``, ``renaming`` and ``mending``
  each answer one kind of question.
"""
