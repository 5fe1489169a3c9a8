
namespace Replicate.Tests.Support;

/// <summary>Skips tests for want of what is not on this machine.</summary>
internal static class NeedExtensions
{
    private static readonly string Tests = Path.Combine(Checkout.Root, "tests");

    /// <summary>Skips the test unless this is there.</summary>
    public static void Require(this Need need) => Assert.SkipUnless(need.IsThere(Tests), need.Reason);

    /// <summary>Skips the test unless the program of that name is there.</summary>
    public static void RequireProgram(string program) => Needs.All.Single(need => need.Places.Contains(program) && need.Places[0] == program && need.Packages.Length > 0).Require();
}
