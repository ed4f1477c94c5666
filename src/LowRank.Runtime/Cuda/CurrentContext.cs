namespace LowRank.Cuda;

/// <summary>
/// Makes a device's context the current one of this thread until it is disposed. Then the one before it is again, or none: libtorch reads
/// from it which device a thread works on.
/// </summary>
internal readonly ref struct CurrentContext
{
    private readonly CudaDriver driver;
    private readonly nint before;
    private readonly bool isOther;

    public CurrentContext(CudaDriver driver, nint context)
    {
        this.driver = driver;
        before = driver.CurrentContext;
        isOther = before != context;
        if (isOther)
            driver.CurrentContext = context;
    }

    public void Dispose()
    {
        if (isOther)
            driver.CurrentContext = before;
    }
}
