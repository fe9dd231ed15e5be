from . import (
    card_report,
    co_marketing_report,
    loyalty_churn_report,
    loyalty_member_report,
    loyalty_points_report,
    loyalty_revenue_report,
    loyalty_tier_migration_report,
)
