from . import contact_history_entry
from . import contact_history_mixin
from . import contact_lookup_mixin
from . import res_partner
