from . import (
    club_card_files,
    club_data,
    club_join,
    club_portal_join,
    co_marketing_api,
    co_marketing_counter,
    co_marketing_offers,
    co_marketing_portal,
    co_marketing_statements,
    co_marketing_terms,
    co_marketing_till_keys,
    portal,
)
