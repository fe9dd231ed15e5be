from . import club_card_files, club_data, club_join, club_portal_join, portal
