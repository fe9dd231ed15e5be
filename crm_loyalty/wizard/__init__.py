from . import base_partner_merge
from . import loyalty_club_wizard
from . import loyalty_enrol_wizard
from . import loyalty_membership_wizard
