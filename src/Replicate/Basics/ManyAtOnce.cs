using System.Runtime.ExceptionServices;

namespace Replicate;

/// <summary>Work on each of many things, on all cores; on few it is done sooner by one core than another is given it.</summary>
internal static class ManyAtOnce
{
    private const int Few = 500;

    /// <summary>Does something for each number from 0; when this returns it is done.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="work">What is done, in no particular order. The first error ends it and is thrown.</param>
    public static void For(int count, Action<int> work)
    {
        if (count <= Few)
        {
            for (var i = 0; i < count; i++)
            {
                work(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, work);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
