"""Words for names and addresses."""


def _words(text):
    return text.split()


FIRST = _words("""
    Siti Budi Dewi Agus Rina Hendra Ayu Bambang Citra Dedi Eka Fajar Gita Hadi Indah Joko Kartika Lina Made Nina
    Oka Putri Rizky Sari Tono Umar Vina Wawan Yanti Zahra Ahmad Bayu Cahya Dian Endang Ferry Galih Hesti Iwan
    Julia
""")
MIDDLE = _words("""
    Nur Tri Dwi Eko Catur Wahyu Adi Puji Rahma Kusuma Putra Ratna Surya Bagus Intan Jaya Mega Laksmi Aditya
    Permata
""")
LAST = _words("""
    Rahmawati Santoso Lestari Wijaya Gunawan Pratama Hidayat Saputra Nugroho Setiawan Kusnadi Halim Tanjung
    Siregar Simanjuntak Suryadi Maulana Firmansyah Permana Susanto Wibowo Hartono Utami Handayani Anggraini
    Purnama Ramadhan Iskandar Sutanto Kurniawan
""")
TRADES = _words("""
    Tekstil Boga Wisata Griya Teknik Farma Niaga Karya Logistik Kreasi Pangan Busana Mebel Cetak Elektrik
""")
CITIES = _words("""
    Bandung Bandung Bandung Cimahi Jakarta Jakarta Bogor Garut Tasikmalaya Sumedang Cirebon Surabaya
""")
STREETS = _words("""
    Braga Asia-Afrika Dago Riau Merdeka Cihampelas Pasteur Sudirman Setiabudi Buahbatu
""")
DOMAINS = ["surat.example", "pos.example", "kabar.example", "rumah.example"]
