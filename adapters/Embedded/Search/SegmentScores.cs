using System.Buffers;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Scores a segment's documents, one word of the query after the other (term at a time). A document's score for a word is that of
/// its best term for it; its score is the sum over the words.
/// </summary>
internal sealed class SegmentScores : IDisposable
{
    private readonly LiveSegment _live;
    private readonly FieldWeights _weights;
    private readonly double[] _scores;
    private readonly double[] _best;
    private readonly byte[] _matched;
    private readonly int[] _ofWord;
    private readonly int[] _touched;
    private int _touchedCount;

    public SegmentScores(LiveSegment live, FieldWeights weights)
    {
        _live = live;
        _weights = weights;
        var count = live.Segment.Count;
        _scores = ArrayPool<double>.Shared.Rent(count);
        _best = ArrayPool<double>.Shared.Rent(count);
        _matched = ArrayPool<byte>.Shared.Rent(count);
        _ofWord = ArrayPool<int>.Shared.Rent(count);
        _touched = ArrayPool<int>.Shared.Rent(count);
        _best.AsSpan(0, count).Clear();
        _matched.AsSpan(0, count).Clear();
    }

    public LiveSegment Live => _live;

    /// <summary>Documents in which at least one word was found, in no order.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

    /// <summary>How many of the words were found in a touched document.</summary>
    public int Matched(int document) => _matched[document];

    /// <summary>The score of a touched document.</summary>
    public double Score(int document) => _scores[document];

    /// <summary>The most words found in one document.</summary>
    public int MatchedMax()
    {
        var most = 0;
        foreach (var document in Touched)
        {
            most = Math.Max(most, _matched[document]);
        }

        return most;
    }

    public void AddWord(ReadOnlySpan<TermChoice> choices)
    {
        var count = 0;
        foreach (var choice in choices)
        {
            if (_live.Segment.TermNumbers.TryGetValue(choice.Term, out var term))
            {
                count = Gather(term, choice.Weight, count);
            }
        }

        foreach (var document in _ofWord.AsSpan(0, count))
        {
            if (_matched[document]++ == 0)
            {
                _touched[_touchedCount++] = document;
                _scores[document] = 0;
            }

            _scores[document] += _best[document];
            _best[document] = 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_scores);
        ArrayPool<double>.Shared.Return(_best);
        ArrayPool<byte>.Shared.Return(_matched);
        ArrayPool<int>.Shared.Return(_ofWord);
        ArrayPool<int>.Shared.Return(_touched);
    }

    private int Gather(int term, double weight, int count)
    {
        var segment = _live.Segment;
        var from = segment.PostingStarts[term];
        var documents = segment.PostingDocuments.AsSpan(from..segment.PostingStarts[term + 1]);
        var occurrences = segment.PostingCounts.AsSpan(from, documents.Length);
        for (var i = 0; i < documents.Length; i++)
        {
            var document = documents[i];
            if (!_live.IsLive(document))
            {
                continue;
            }

            // Above 0: the weight and the frequency are, so 0 tells a document that this word has not reached yet.
            var score = weight * Bm25.Saturate(_weights.Frequency(occurrences[i], segment.Lengths[document]));
            if (_best[document] == 0)
            {
                _ofWord[count++] = document;
                _best[document] = score;
            }
            else if (score > _best[document])
            {
                _best[document] = score;
            }
        }

        return count;
    }
}
