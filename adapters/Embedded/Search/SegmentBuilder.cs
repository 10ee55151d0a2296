using System.Runtime.InteropServices;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Search;

/// <summary>Builds a <see cref="Segment"/>: one pass to gather the postings, one counting sort to order them by term.</summary>
internal sealed class SegmentBuilder
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbersBySpan;
    private readonly List<TermState> _terms = [];
    private readonly List<Posting> _postings = [];
    private readonly char[] _buffer = new char[TokenReader.BufferCharacters];

    private SegmentBuilder() => _numbersBySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="products">With distinct ids; sorted in place.</param>
    public static Segment Build(Product[] products)
    {
        Array.Sort(products, (first, second) => string.CompareOrdinal(first.Id, second.Id));
        return new SegmentBuilder().Make(products);
    }

    private Segment Make(Product[] products)
    {
        var lengths = new FieldCounts[products.Length];
        var prices = new decimal[products.Length];
        var ranges = new byte[products.Length];
        for (var document = 0; document < products.Length; document++)
        {
            var product = products[document];
            Read(document, product.Name, SearchField.Name, ref lengths[document]);
            Read(document, product.Brand, SearchField.Brand, ref lengths[document]);
            Read(document, product.Category, SearchField.Category, ref lengths[document]);
            prices[document] = product.Price;
            ranges[document] = PriceRanges.Of(product.Price);
        }

        var terms = _numbers.Keys.ToArray();
        Array.Sort(terms, string.CompareOrdinal);
        var (starts, documents, counts) = OrderByTerm(terms);
        return new Segment
        {
            Products = products,
            Terms = terms,
            TermNumbers = _numbers,
            PostingStarts = starts,
            PostingDocuments = documents,
            PostingCounts = counts,
            Lengths = lengths,
            Prices = prices,
            PriceRangeOf = ranges,
            Categories = Column(products, product => product.Category),
            Brands = Column(products, product => product.Brand),
            Letters = terms.SelectMany(term => term).Where(OneTypo.IsTypoLetter).Distinct().Order().ToArray(),
        };
    }

    private void Read(int document, string text, SearchField field, ref FieldCounts lengths)
    {
        var reader = new TokenReader(Scripts.ComposeHangul(text), _buffer, indexing: true);
        while (reader.MoveNext())
        {
            lengths.Increment(field);
            if (!_numbersBySpan.TryGetValue(reader.Term, out var term))
            {
                term = _terms.Count;
                _numbers.Add(reader.Term.ToString(), term);
                _terms.Add(new TermState { LastDocument = -1 });
            }

            ref var state = ref CollectionsMarshal.AsSpan(_terms)[term];
            if (state.LastDocument != document)
            {
                state.LastDocument = document;
                state.LastPosting = _postings.Count;
                state.Postings++;
                _postings.Add(new Posting { Term = term, Document = document });
            }

            CollectionsMarshal.AsSpan(_postings)[state.LastPosting].Counts.Increment(field);
        }
    }

    /// <summary>Numbers the terms anew in their order, and puts each term's postings together; they stay in document order.</summary>
    private (int[] Starts, int[] Documents, FieldCounts[] Counts) OrderByTerm(string[] terms)
    {
        var starts = new int[terms.Length + 1];
        var numberOf = new int[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            var old = _numbers[terms[i]];
            numberOf[old] = i;
            starts[i + 1] = starts[i] + _terms[old].Postings;
            _numbers[terms[i]] = i;
        }

        var next = starts.AsSpan(0, terms.Length).ToArray();
        var documents = new int[_postings.Count];
        var counts = new FieldCounts[_postings.Count];
        foreach (ref readonly var posting in CollectionsMarshal.AsSpan(_postings))
        {
            var place = next[numberOf[posting.Term]]++;
            documents[place] = posting.Document;
            counts[place] = posting.Counts;
        }

        return (starts, documents, counts);
    }

    private static FacetColumn Column(Product[] products, Func<Product, string> valueOf)
    {
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var values = new List<string>();
        var numberOf = new int[products.Length];
        for (var document = 0; document < products.Length; document++)
        {
            var value = valueOf(products[document]);
            if (!numbers.TryGetValue(value, out var number))
            {
                number = values.Count;
                numbers.Add(value, number);
                values.Add(value);
            }
            else if (string.CompareOrdinal(value, values[number]) < 0)
            {
                values[number] = value;
            }

            numberOf[document] = number;
        }

        return new FacetColumn([.. values], numberOf);
    }

    private struct TermState
    {
        public int LastDocument;
        public int LastPosting;
        public int Postings;
    }

    private struct Posting
    {
        public int Term;
        public int Document;
        public FieldCounts Counts;
    }
}
