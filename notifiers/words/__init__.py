"""How facts are said, in English. ``notifiers.wording`` is the door; everybody imports that.

Every sentence stands in these modules and nowhere else, so that a translation finds all of them.
"""
