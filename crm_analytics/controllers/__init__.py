from . import retention_export
