using System.Collections.Frozen;

namespace Reco.Core.Catalogue;

/// <summary>The words by which <see cref="CategoryGuess"/> knows a category, chosen from the 3,665 products of UCI Online Retail.</summary>
internal static class CategoryKeywords
{
    public const string Seasonal = "Christmas & Seasonal";

    public static readonly string[] Seasons =
        Split("christmas xmas easter advent santa snowman reindeer bauble valentine halloween yuletide snowflake nativity noel rudolph");

    /// <summary>Words apart by spaces; a pair of words is joined by an underscore. A pair goes before its words.</summary>
    /// <summary>What is sold: words apart by spaces, pairs of words joined by an underscore. A pair goes before its words.</summary>
    public static readonly (string Category, string Words)[] Things =
    [
        ("Candles & Lighting",
            "candle tlight tlights lantern lamp lampshade candlestick candleholder candelabra candlepot votive chandelier "
            + "incense light_holder tlight_holder tlight_hldr candle_holder candle_pot candle_plate oil_burner oilburner "
            + "nightlight torch lightbulb light_bulb candl candleholde holder_tlight fairy_light joss"),
        ("Kitchen & Dining",
            "mug cup saucer plate bowl teapot tea_pot jug jar kitchen cake_stand cakestand cake_tin cake_case cake_mould "
            + "cake_slice cutlery spoon fork knife ladle apron tea_towel oven_glove egg_cup egg_timer timer bottle_opener "
            + "opener coaster placemat napkin_ring lunch_box lunchbox snack_box bento beaker tumbler goblet mould cookie_cutter "
            + "cutter rolling_pin whisk colander sieve grater saucepan casserole tray trivet teaspoon measuring baking pantry "
            + "breadbin bread_bin biscuit_tin tea_cosy mug_cosy cosy cafetiere coffee teacup dish butter_dish ramekin platter "
            + "crockery tableware pitcher decanter flask popcorn_holder funnel caddy toast_rack egg_holder recipe recipe_box "
            + "cocktail tablecloth table_cloth table_mat runner table_runner chopping_board fruitbowl dinner_set tea_set "
            + "sugar_bowl milk_jug cruet cannister canister kettle warmer mixing sundae chopstick dinnerware brush pastry_brush "
            + "tong peeler ice_cube toastrack mitt squeezer basin bottle water_jug"),
        ("Bags & Travel",
            "bag jumbo_bag lunch_bag shopper handbag purse wallet rucksack backpack suitcase luggage luggage_tag passport "
            + "passport_cover holdall tote washbag wash_bag cosmetic_bag makeup_bag clutch umbrella satchel shoulder_bag "
            + "card_wallet coinpurse sponge_bag toiletry picnic_bag glasses_case"),
        ("Jewellery & Accessories",
            "necklace necklac neckl bracelet bracele bracel earring earing brooch bangle pendant choker anklet tiara watch "
            + "hair_clip hair_grip hairclip hairband hairslide hair_band hair_slide hair_comb headband hair_tie scarf shawl "
            + "slipper mitten sock keyring key_ring keychain key_chain key_fob keyfob bag_charm phone_charm mobile_charm "
            + "cufflink badge compact_mirror lariat handwarmer hand_warmer eye_mask pashmina poncho tassle sunglasse headphone "
            + "sombrero"),
        ("Stationery & Cards",
            "greeting_card birthday_card postcard envelope notebook note_book notepad sketchbook pen pencil eraser rubber "
            + "ruler sharpener pencil_case writing_set stationery sticker sticker_sheet diary journal calendar planner book "
            + "address_book album photo_album bookmark memo memo_board chalkboard blackboard chalk wrap gift_wrap gift_tape "
            + "gift_bag gift_tag tag gift_box tissue_paper paperweight paper_clip clipboard clip folder desk desk_tidy "
            + "pencil_tin pen_pot letter_rack calculator crayon passport_holder playing_card record_book wrapping bookend "
            + "scissor pencil_pot hole_punch pweight"),
        ("Party & Celebrations",
            "party bunting balloon party_bag paper_plate paper_cup paper_napkin napkin cake_topper cake_candle "
            + "birthday_candle party_candle confetti streamer party_cone party_hat paper_chain piñata cracker feather_boa lei "
            + "leis sparkler cocktail_parasol party_invite invite pinata party_pizza banner cocktail_stick pom_pom"),
        ("Toys & Children",
            "doll game jigsaw puzzle playhouse play_set play domino skittle yoyo yo_yo spinning_top marble teddy puppet "
            + "rocking_horse colouring_set colouring paint_set painting_set paint money_box money_bank bank moneybox bib "
            + "soft_toy skipping_rope drawing_set magic_slate rattle tattoo harmonica knitting_nancy nancy quoit boule croquet "
            + "hoopla monster bingo trumpet bubble kite piece_puzzle cards_game poker mobile pull_along bath_duck helicopter "
            + "ludo cross glider flying_disc inflatable nesting_box naught"),
        ("Garden & Outdoor",
            "gardening watering_can watering gardener gardeners kneeling kneeling_pad kneeling_mat plant_pot plant_pots "
            + "planter flowerpot flower_pot bird_house bird_box bird_feeder feeder bird_table windmill wind_chime windchime "
            + "chime wind_spinner trellis trowel secateur deck_chair deckchair hose spade shed thermometer bird_bath fly_swat "
            + "swat barbecue bbq hammock solar grow_your bee_house weathervane tool_set"),
        ("Storage & Organisers",
            "storage_box storage drawer cabinet drawer_knob knob drawer_cabinet coat_hook hanger coat_hanger rack coat_rack "
            + "peg_bag storage_tin storage_jar storage_bag organiser tidy shelf shelve toilet_roll roll_holder magazine_rack "
            + "bin wastepaper_bin wastepaper trinket_box trinket_pot jewellery_box jewel_box jewellery_stand jewellery_tree "
            + "jewel_stand crate trunk key_cabinet key_rack key_box letter_holder hatbox container umbrella_stand cupboard "
            + "laundry ring_holder shoe_bag medicine_cabinet first_aid hamper recycling bread_crock peg_set drawerknob nesting"),
        ("Home Décor",
            "clock alarm_clock frame photo_frame picture_frame mirror wall_art art_print canvas cushion cushion_cover throw "
            + "blanket quilt bedspread doormat door_mat rug curtain doorstop door_stop sign door_sign plaque wall_plaque "
            + "metal_sign ornament wall_decoration hanging_decoration wreath artificial vase block_word building_block "
            + "word_block tile number_tile door_bell hot_water water_bottle_hot hottie pillow chair stool bench furniture radio "
            + "telephone poster figurine statue buddha cherub fairy_house draught excluder draft soap_dish bathroom "
            + "toothbrush_holder toilet towel hand_towel flannel wicker_heart spray filler filler_pad screen partition bookcase "
            + "fire_screen wallpaper beaded_heart union_jack aviary dreamcatcher bouquet ottoman knocker letterbox post_box "
            + "ashtray headrest photoframe doorsign pouffe seat gnome water_bottle"),
        ("Craft & Sewing",
            "sewing sewing_kit sewing_box feltcraft felt_craft knitting crochet thread needle embroidery cross_stitch stitch "
            + "patchwork wool yarn zip iron_on sequin sew trimming pin_cushion pincushion tape_measure ribbon_reel doll_kit "
            + "make_your origami decoupage cotton_reel lace_ribbon measuring_tape"),
    ];

    /// <summary>Words that are as often a pattern or a part as the thing ("mug FLOWER design"): for when no thing was found.</summary>
    public static readonly (string Category, string Words)[] Motifs =
    [
        ("Candles & Lighting",
            "light lite scent fragrance wax taper"),
        ("Kitchen & Dining",
            "doily doilies cake cupcake jelly pepper salt glass straw glove pan scale icecream mat"),
        ("Bags & Travel",
            "travel"),
        ("Jewellery & Accessories",
            "bead diamante jewel grip hair charm ring belt hat mask nail"),
        ("Stationery & Cards",
            "paper stamp card pad tape ribbon tissue magnet marker"),
        ("Party & Celebrations",
            "wedding birthday candy parasol honeycomb cone garland"),
        ("Toys & Children",
            "toy dinosaur spaceboy kid child children childrens childs baby robot animal bear monkey pony duck bunny frog "
            + "football snake truck tractor train magic whistle ladder"),
        ("Garden & Outdoor",
            "garden plant herb grow sunflower insect pot picnic beach bicycle camping parasol_garden seed birdhouse bucket"),
        ("Storage & Organisers",
            "box tin tins case stand holder peg basket trinket jewellery hook chest"),
        ("Home Décor",
            "photo picture print heart letter alphabet number door flower rose bird butterfly dove egg tree hen chicken "
            + "cockerel owl cat dog lace star angel ball stone crystal leaf fruit flag stem branch blossom peony lily tulip "
            + "orchid shell globe boat wood cottage house cover bell feather finish fan bath wall hanging cage birdcage soap "
            + "table handle decoration deco decor patch hanging_star hanging_heart"),
        ("Craft & Sewing",
            "kit felt button craft fabric reel"),
    ];

    public static FrozenDictionary<string, string> ByKeyword((string Category, string Words)[] rules)
    {
        var categories = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (category, words) in rules)
        {
            foreach (var keyword in Split(words))
            {
                categories.TryAdd(string.Join(' ', keyword.Split('_').Select(CategoryGuess.Singular)), category);
            }
        }

        return categories.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
