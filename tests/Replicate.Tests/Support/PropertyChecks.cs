using FsCheck;
using FsCheck.Fluent;

namespace Replicate.Tests.Support;

/// <summary>Checks a property with the same thousand samples in each run.</summary>
internal static class PropertyChecks
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20200901, 11).WithQuietOnSuccess(true);

    public static void Holds(this Property property) => property.Check(Config);
}
