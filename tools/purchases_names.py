"""Plausible people for customers of whom the records give only a number: the same number is always the same person."""

_GIVEN = """
Adi Agus Ahmad Aisyah Andi Anita Arief Ayu Bagus Bambang Bayu Bima Budi Citra Dedi Desi Dewi Dian Dimas Dina
Eka Eko Endang Fajar Farah Fitri Galih Gita Hadi Hana Hendra Indah Intan Irfan Joko Kartika Kiki Laras Lestari
Lina Lukman Maya Mega Nanda Nina Novi Nur Putri Rahmat Ratna Rina Rizki Sari Sinta Siti Slamet Sri Taufik Tika
Wati Yudi Yuni Zahra
"""
_FAMILY = """
Adiputra Anggraini Ardianto Basuki Budiman Cahyono Darmawan Effendi Firmansyah Gunawan Hakim Halim Handayani
Hartono Hidayat Iskandar Kurniawan Kusuma Lubis Mahendra Marpaung Maulana Mulyani Nasution Nugroho Nurhaliza
Permana Pratama Prasetyo Purnama Purwanto Puspita Rahayu Rahman Ramadhan Safitri Salim Santoso Saputra
Setiawan Siregar Simanjuntak Situmorang Soeharto Subagyo Sudirman Sugiarto Suharto Sukma Sulistyo Suryadi
Susanto Sutanto Suwandi Tanjung Utami Wahyuni Wibowo Widodo Wijaya Winata Wirawan Wulandari Yulianti Yusuf
"""
GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()


def name_of(number):
    """The name of customer `number`: people share names, as people do, but each number keeps its own."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"


def contact_of(number):
    """Name, e-mail and phone of customer `number`; the addresses lie in a domain that can have no mail."""
    name = name_of(number)
    return {
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}.{number:05}@cdnow.example",
        "phone": f"+62 813-{number // 10000:04}-{number % 10000:04}",
    }
