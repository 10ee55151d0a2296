namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan Electronics() => new(
        "Electronics",
        16,
        ["Norvik", "Halden", "Lumora", "Kestrel Audio", "Voltane", "Orbix", "Pixelarc", "Sonder", "Tervo", "Quanta Peak",
         "Aurelio", "Zenfield"],
        ["Aero", "Pulse", "Nova", "Vertex", "Echo", "Stratus", "Prime", "Flux", "Orion", "Lite", "Summit", "Ray"],
        [
            new("Phone", 420, 0.45, ["5G", "Dual-SIM", "Compact", "Rugged", "Folding", "Big-Button"],
                ["128 GB Graphite", "256 GB Graphite", "128 GB Silver", "256 GB Midnight Blue", "512 GB Black", "128 GB Sand"]),
            new("Phone Case", 19, 0.4, ["Slim", "Leather", "Shockproof", "Clear", "Magnetic"], Finishes),
            new("Phone Charger", 24, 0.4, ["Fast", "Wireless", "Dual-Port", "Travel"], ["20 W", "30 W", "45 W", "65 W"]),
            new("Headphones", 110, 0.6, ["Wireless", "Noise-Cancelling", "Studio", "Over-Ear", "Open-Back"], Finishes),
            new("Earbuds", 75, 0.5, ["Wireless", "Sport", "Noise-Cancelling", "True Wireless"], Finishes),
            new("Laptop", 890, 0.4, ["Ultralight", "Gaming", "Business", "Convertible"],
                ["16 GB 512 GB", "16 GB 1 TB", "32 GB 1 TB", "8 GB 256 GB"]),
            new("Tablet", 310, 0.45, ["10-inch", "11-inch", "Kids", "Drawing"],
                ["64 GB Grey", "128 GB Grey", "128 GB Silver", "256 GB Blue"]),
            new("Smartwatch", 180, 0.5, ["GPS", "Fitness", "Hybrid", "LTE"],
                ["41 mm Black", "45 mm Black", "41 mm Silver", "45 mm Graphite"]),
            new("Bluetooth Speaker", 70, 0.6, ["Portable", "Waterproof", "Bookshelf", "Party"], Finishes),
            new("Television", 560, 0.5, ["4K OLED", "4K LED", "8K Mini-LED", "Smart"],
                ["43 inch", "50 inch", "55 inch", "65 inch", "75 inch"]),
            new("Monitor", 260, 0.45, ["Curved", "4K", "Ultrawide", "Portable"], ["24 inch", "27 inch", "32 inch", "34 inch"]),
            new("Keyboard", 65, 0.5, ["Mechanical", "Wireless", "Low-Profile", "Compact"], Finishes),
            new("Mouse", 35, 0.5, ["Wireless", "Ergonomic", "Gaming", "Silent"], Finishes),
            new("Camera", 640, 0.6, ["Mirrorless", "Instant", "Action", "Compact"],
                ["Body Only", "With 18-55 mm Lens", "Travel Kit", "Black"]),
            new("Power Bank", 38, 0.4, ["Slim", "Fast-Charge", "Solar", "Magnetic"], ["5,000 mAh", "10,000 mAh", "20,000 mAh"]),
        ],
        Numbered: true);

    private static CategoryPlan Office() => new(
        "Office & Stationery",
        7,
        ["Paperwright", "Inkstone", "Deskmate", "Fold & Co", "Scribe", "Lineation", "Cobalt Desk", "Margin", "Nib & Quill",
         "Officina", "Tabula", "Clearway"],
        ["Executive", "Studio", "Daily", "Focus", "Classic", "Slate", "Metro", "Campus", "Essential", "Signature", "Archive",
         "Atlas"],
        [
            new("Notebook", 11, 0.4, ["Dotted", "Ruled", "Hardcover", "Recycled"], ["A4", "A5", "A6", "Set of 3"]),
            new("Fountain Pen", 42, 0.7, ["Steel-Nib", "Gold-Nib", "Brass", "Demonstrator"], ["Fine", "Medium", "Broad"]),
            new("Office Chair", 215, 0.5, ["Ergonomic", "Mesh", "Leather", "Kneeling"], ["Black", "Grey", "White", "Blue"]),
            new("Desk", 330, 0.45, ["Standing", "Corner", "Writing", "Folding"], ["120 cm", "140 cm", "160 cm"]),
            new("Desk Lamp", 44, 0.4, ["LED", "Clamp", "Architect", "Wireless-Charging"], Finishes),
            new("Planner", 17, 0.3, ["Weekly", "Daily", "Undated", "Academic"], Colours),
            new("Printer", 185, 0.5, ["Laser", "Inkjet", "Photo", "Label"], ["Black", "White", "With Starter Ink"]),
            new("Paper Shredder", 88, 0.5, ["Cross-Cut", "Micro-Cut", "Quiet", "Compact"], ["8-Sheet", "12-Sheet", "18-Sheet"]),
            new("Highlighter Set", 7, 0.3, ["Pastel", "Neon", "Dual-Tip", "Gel"], ["4-Pack", "6-Pack", "12-Pack"]),
            new("Filing Box", 19, 0.4, ["Linen", "Cardboard", "Steel", "Lockable"], ["A4", "Foolscap", "Set of 2"]),
        ]);
}
