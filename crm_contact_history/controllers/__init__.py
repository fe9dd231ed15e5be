from . import portal_history
