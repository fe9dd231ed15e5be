# First: what another file of this folder extends.
from . import loyalty_liability_wizard

# isort: split

from . import (
    base_partner_merge,
    co_marketing_codes,
    co_marketing_make_key,
    co_marketing_merge,
    co_marketing_strike,
    co_marketing_void,
    loyalty_club_wizard,
    loyalty_enrol_wizard,
    loyalty_greeting_merge,
    loyalty_join_review,
    loyalty_liability_wizard_revenue,
    loyalty_membership_wizard,
    loyalty_occasion_preview,
    loyalty_points_wizard,
    loyalty_redeem_wizard,
    loyalty_tier_preview,
)
