"""How the bundled model is made: recipe → examples → fit → evaluate → card.

Needs the extra ``train`` and the data sets named in the recipe, which are not
part of the project.
"""
