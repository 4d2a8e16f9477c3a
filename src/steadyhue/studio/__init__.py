"""The studio: a page, served to this machine only, for seeing what every setting does.

Slots hold still, so palettes and indices are sent instead of pictures: recoloring, undoing and
comparing happen in the page. `wish` is what the page asks for, `clips` what it was given,
`stages` do the work and remember it, `stream` sends it, `exports` write files in a process of
their own. `guard` keeps every other page out; `app` has the routes, `server` the life of it all.
"""
