namespace Reco.Core.Catalogue.Seeds;

/// <summary>Names of the seeded users, from many places.</summary>
internal static class SeedNames
{
    public static readonly string[] Given =
    [
        "Ada", "Aisha", "Alejandro", "Amara", "Amelia", "Anders", "Anika", "Arjun", "Beatriz", "Ben", "Camille", "Carlos", "Chiara",
        "Chloe", "Daan", "Daniel", "Deniz", "Elena", "Elif", "Emma", "Erik", "Fatima", "Felix", "Freya", "Gabriel", "Grace", "Hana",
        "Hannah", "Hugo", "Ibrahim", "Imani", "Ines", "Isla", "Ivan", "Jack", "Jasmine", "Jiho", "Jonas", "Julia", "Kaito", "Karim",
        "Katya", "Kwame", "Lars", "Laura", "Leila", "Leo", "Lina", "Lucas", "Maja", "Marco", "Maria", "Mateo", "Maya", "Mei", "Minjun",
        "Mohammed", "Nadia", "Naomi", "Nils", "Noah", "Nora", "Oliver", "Olivia", "Omar", "Oskar", "Paulo", "Petra", "Priya", "Rafael",
        "Rania", "Rosa", "Ruth", "Sakura", "Samuel", "Sana", "Sara", "Seoyeon", "Sofia", "Stefan", "Tariq", "Thea", "Theo", "Tomás",
        "Uma", "Viktor", "Wei", "Yara", "Yuki", "Yusuf", "Zainab", "Zoë",
    ];

    public static readonly string[] Family =
    [
        "Abbasi", "Adeyemi", "Almeida", "Andersson", "Bakker", "Bauer", "Becker", "Bianchi", "Brown", "Carter", "Castillo", "Chen",
        "Cohen", "Costa", "Da Silva", "Davies", "Demir", "Diaz", "Dubois", "Eriksen", "Evans", "Fernández", "Fischer", "Fontaine",
        "Fraser", "García", "Ghosh", "Greenwood", "Gupta", "Haddad", "Hall", "Hansen", "Hassan", "Horvat", "Hughes", "Ito", "Ivanova",
        "Jackson", "Jansen", "Jensen", "Johansson", "Jones", "Kaya", "Khan", "Kim", "Kowalski", "Kumar", "Larsen", "Laurent", "Lee",
        "Lindqvist", "Lopez", "Mahmoud", "Martin", "Meyer", "Mensah", "Moreau", "Morgan", "Müller", "Murphy", "Nakamura", "Nguyen",
        "Novák", "O'Brien", "Okafor", "Olsen", "Osei", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Quinn", "Ramirez", "Rao",
        "Reyes", "Ricci", "Robinson", "Romano", "Rossi", "Santos", "Sato", "Schmidt", "Schneider", "Sharma", "Singh", "Smith",
        "Sørensen", "Suzuki", "Tanaka", "Taylor", "Thompson", "Torres", "Van Dijk", "Virtanen", "Walker", "Wang", "Williams", "Wilson",
        "Wójcik", "Yilmaz", "Yoshida", "Zhang", "Zielińska",
    ];
}
