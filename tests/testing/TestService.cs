using System.Diagnostics.CodeAnalysis;

namespace Reco.Testing;

/// <summary>What a test needs from the operating system.</summary>
public static class TestService
{
    /// <summary>xunit.v3 skips a test whose exception's message begins so (its own Assert.Skip is in a package that this project does without).</summary>
    private const string SkipToken = "$XunitDynamicSkip$";

    /// <summary>Skips the test, or fails it under CI=true, where everything must be installed.</summary>
    [DoesNotReturn]
    public static void Missing(string what) =>
        throw new InvalidOperationException(
            string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase) ? what : SkipToken + what);
}
