namespace Reco.Adapters.Embedded.Search;

/// <summary>Keeps the best documents of all that are offered: a heap with the worst of them on top.</summary>
internal sealed class TopHits(int capacity)
{
    private readonly List<Candidate> _heap = new(Math.Min(capacity, 1024));

    public void Offer(in Candidate candidate)
    {
        if (_heap.Count < capacity)
        {
            _heap.Add(candidate);
            SiftUp(_heap.Count - 1);
        }
        else if (capacity > 0 && candidate.IsBetterThan(_heap[0]))
        {
            _heap[0] = candidate;
            SiftDown(0);
        }
    }

    /// <summary>Best first.</summary>
    public List<Candidate> InOrder()
    {
        _heap.Sort((first, second) => first.IsBetterThan(second) ? -1 : second.IsBetterThan(first) ? 1 : 0);
        return _heap;
    }

    private void SiftUp(int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!_heap[parent].IsBetterThan(_heap[place]))
            {
                return;
            }

            (_heap[parent], _heap[place]) = (_heap[place], _heap[parent]);
            place = parent;
        }
    }

    private void SiftDown(int place)
    {
        while ((2 * place) + 1 < _heap.Count)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _heap.Count && _heap[child].IsBetterThan(_heap[child + 1]))
            {
                child++;
            }

            if (!_heap[place].IsBetterThan(_heap[child]))
            {
                return;
            }

            (_heap[place], _heap[child]) = (_heap[child], _heap[place]);
            place = child;
        }
    }
}

/// <summary>A document that matches.</summary>
internal readonly record struct Candidate(double Score, Segment Segment, int Document)
{
    /// <summary>A higher score, or the same and an id that comes first.</summary>
    public bool IsBetterThan(in Candidate other)
    {
        if (Score != other.Score)
        {
            return Score > other.Score;
        }

        return ReferenceEquals(Segment, other.Segment)
            ? Document < other.Document
            : string.CompareOrdinal(Segment.Products[Document].Id, other.Segment.Products[other.Document].Id) < 0;
    }
}
