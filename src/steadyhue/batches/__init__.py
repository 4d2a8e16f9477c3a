"""Many clips: units of work, a ledger of what is done, and engines that carry it out.

`batch` is the story: pairs of inputs and outputs (`targets`) become tasks (`tasks`), plain
functions of plain values, which an engine runs anywhere (`engines`) and `run` sees through: what
failed for a while is tried again, what kills its process is tried alone and then blamed. What is
finished is in the ledger (`ledger`), so that any later run, on any machine, goes on from there.

Nothing heavy is imported here.
"""
