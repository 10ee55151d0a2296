using System.Runtime.CompilerServices;

// The kernels are internal, and each is tested on its own against an oracle.
[assembly: InternalsVisibleTo("Reco.Core.Tests")]
