"""The page that replays a run and the studio, and the local server that they read from.

Opened by `opendome view` and `opendome studio`.
"""

from opendome.viewer.parts import page_folder
from opendome.viewer.server import app, view
from opendome.viewer.shelf import Shelf, shelf_of
from opendome.viewer.studio import studio

__all__ = ["Shelf", "app", "page_folder", "shelf_of", "studio", "view"]
