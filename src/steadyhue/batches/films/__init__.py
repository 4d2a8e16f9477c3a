"""Long clips in parts: scanned for cuts, rendered in chunks of whole shots, and merged.

A cut is an exact reset: a clip is, bit for bit, the sequence of its shots. So shots are made
apart, on any number of processes, and one process names their slots and writes them in order.
The result is the file that one process would have made, byte for byte. Where anything is not as
a file's index says, the clip is made whole.
"""
