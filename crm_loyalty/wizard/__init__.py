from . import (
    base_partner_merge,
    co_marketing_codes,
    co_marketing_merge,
    co_marketing_void,
    loyalty_club_wizard,
    loyalty_enrol_wizard,
    loyalty_join_review,
    loyalty_liability_wizard,
    loyalty_membership_wizard,
    loyalty_points_wizard,
    loyalty_redeem_wizard,
    loyalty_tier_preview,
)
