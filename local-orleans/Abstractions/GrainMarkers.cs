namespace Orleans.Runtime
{
    /// <summary>Anything that can be called by reference.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>A grain: a named, single-threaded object that is activated when it is called.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is a string.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain whose key is a 64-bit integer.</summary>
    public interface IGrainWithIntegerKey : IGrain;
}
