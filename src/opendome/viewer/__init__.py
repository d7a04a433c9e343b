"""The page that replays a run, and the local server that it reads from. Opened by `opendome view`."""

from opendome.viewer.parts import page_folder
from opendome.viewer.server import app, view
from opendome.viewer.shelf import Shelf, shelf_of

__all__ = ["Shelf", "app", "page_folder", "shelf_of", "view"]
